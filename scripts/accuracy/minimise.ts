/** The smallest value of a function of a few variables, by Nelder and Mead's simplex (1965). */
export function minimise(
  f: (x: readonly number[]) => number,
  start: readonly number[],
  step = 0.7,
  rounds = 120,
): number[] {
  const n = start.length;
  const simplex = [start, ...start.map((_, k) => start.map((v, j) => (j === k ? v + step : v)))].map((x) => ({
    x: [...x],
    y: f(x),
  }));
  for (let round = 0; round < rounds; round++) {
    simplex.sort((a, b) => a.y - b.y);
    const worst = simplex[n] as { x: number[]; y: number };
    const best = simplex[0] as { x: number[]; y: number };
    if (worst.y - best.y < 1e-9) break;
    const centre = start.map((_, j) => simplex.slice(0, n).reduce((sum, p) => sum + (p.x[j] as number), 0) / n);
    const towards = (by: number): { x: number[]; y: number } => {
      const x = centre.map((c, j) => c + by * ((worst.x[j] as number) - c));
      return { x, y: f(x) };
    };
    const mirrored = towards(-1);
    if (mirrored.y < best.y) {
      const further = towards(-2);
      simplex[n] = further.y < mirrored.y ? further : mirrored;
    } else if (mirrored.y < (simplex[n - 1] as { y: number }).y) simplex[n] = mirrored;
    else {
      const inside = towards(mirrored.y < worst.y ? -0.5 : 0.5);
      if (inside.y < Math.min(worst.y, mirrored.y)) simplex[n] = inside;
      else {
        for (let k = 1; k <= n; k++) {
          const x = (simplex[k] as { x: number[] }).x.map((v, j) => ((best.x[j] as number) + v) / 2);
          simplex[k] = { x, y: f(x) };
        }
      }
    }
  }
  simplex.sort((a, b) => a.y - b.y);
  return (simplex[0] as { x: number[] }).x;
}
