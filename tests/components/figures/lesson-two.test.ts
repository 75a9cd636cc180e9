/** What lesson 2 says in numbers, against the fact base of the course (2026-11-24), each within the tolerance stated there. */
import { describe, expect, it } from "vitest";
import * as two from "../../../src/components/figures/lesson-two.ts";

/** Relative difference. */
const off = (ours: number, theirs: number) => Math.abs(ours / theirs - 1);

describe("lesson 2 agrees with the fact base", () => {
  it.each([
    ["opt-13b", 800],
    ["llama-2-7b", 512],
    ["llama-3.1-405b", 504],
    ["llama-3.1-70b", 320],
    ["qwen3-4b", 144],
    ["llama-3.1-8b", 128],
    ["deepseek-v3", 68.625],
    ["gpt-oss-120b", 72],
  ])("on the KiB that %s caches a token, exactly", (id, kib) => {
    expect(two.kib(id)).toBe(kib);
  });

  it("on caches in bytes", () => {
    expect(two.cache("llama-3.1-8b", 8192)).toBe(2 ** 30);
    expect(two.cache("opt-13b", 2048)).toBe(819_200 * 2048);
    expect(two.cache("gpt-oss-120b", 131_072)).toBe(36_864 * 131_072 + 4_718_592);
    expect(two.asIfAllGrew("gpt-oss-120b", 131_072)).toBe(73_728 * 131_072);
    expect(off(two.latentSaves(), 57)).toBeLessThan(0.005);
    // The fact base rounds 83,521.6 up; nobody keeps six tenths of a token.
    expect(two.tokensIn(11.47)).toBe(83_521);
  });

  it("on the floor of a step, and on what a 70B could reach", () => {
    expect(off(two.floor(), 0.00479)).toBeLessThan(0.002);
    expect(off(1 / two.floor(), 209)).toBeLessThan(0.005);
    expect(off(two.floor() / 0.00644, 0.74)).toBeLessThan(0.01);
    expect(off(two.ceiling("llama-3.1-70b", "h100-sxm-80"), 24)).toBeLessThan(0.02);
  });

  it("on the critical batch, and on when memory is full before it", () => {
    expect(Math.abs(two.critical("h100-sxm-80") - 295)).toBeLessThan(2);
    expect(Math.abs(two.critical("h100-sxm-80", 1) - 148)).toBeLessThan(1);
    // 206.9 chats: the fact base rounds to 207, we count whole ones.
    expect(two.room(2048)).toBe(206);
    expect(two.room(2048)).toBeLessThan(two.critical("h100-sxm-80"));
  });

  it.each([
    [1, 2048, 0.02],
    [1, 8192, 0.06],
    [8, 8192, 0.35],
    [16, 8192, 0.52],
    [64, 8192, 0.81],
  ])("on the share of cache in the bytes of a step: batch %i, %i tokens", (batch, context, share) => {
    expect(Math.abs(two.kvShare(batch, context) - share)).toBeLessThan(0.005);
  });

  it.each([
    [1024, 0.016],
    [4096, 0.06],
    [8192, 0.12],
    [32_768, 0.34],
    [131_072, 0.68],
  ])("on attention’s share of a prefill of %i tokens", (tokens, share) => {
    expect(Math.abs(two.attentionShare(tokens) - share)).toBeLessThan(0.01);
  });

  it("on where attention is half of it", () => {
    expect(off(two.attentionIsHalf(), 61_000)).toBeLessThan(0.01);
  });

  it("on four measurements with one efficiency, and on what fp8 gains", () => {
    expect(two.worstOnL4()).toBeLessThan(0.03);
    const gains = two.measuredOnL4.map(({ context }) => two.onL4(context, "fp8") / two.onL4(context));
    [1.02, 1.07, 1.13, 1.23].forEach((gain, i) => expect(Math.abs((gains[i] ?? 0) - gain)).toBeLessThan(0.006));
  });

  it("on the share of its bandwidth that each card reached", () => {
    const cards = { "rtx-3090": 0.8, "rtx-4090": 0.87, "a100-pcie-80": 0.45, "h100-pcie-80": 0.54 } as const;
    for (const card of Object.keys(cards) as (keyof typeof cards)[])
      expect(Math.abs(two.reached(card) - cards[card])).toBeLessThan(0.01);
  });
});

describe("the text of lesson 2", () => {
  it("says of the batch and of the chip what the engine says", () => {
    // Part 1 left open: a fifth of the pace at 512 tokens, nearly four fifths at 8,192.
    expect(1 - two.step(1, 512) / two.step(64, 512)).toBeCloseTo(0.2, 1);
    expect(1 - two.step(1, 8192) / two.step(64, 8192)).toBeCloseTo(0.77, 2);
    expect(two.step(16, 512) / two.step(8, 512) - 1).toBeCloseTo(0.03, 2);
  });

  it("has a decision that one option alone keeps without paying for more than was asked", () => {
    const { llama2, llama2x3, llama31x5, llama31, llama31fp8 } = two.deployments;
    expect([llama2, llama31x5].map(({ keeps }) => keeps)).toEqual([false, false]);
    expect([llama2x3, llama31, llama31fp8].map(({ keeps }) => keeps)).toEqual([true, true, true]);
    expect(llama2.fits).toBeLessThan(two.brief.users);
    expect(llama31x5.firstToken).toBeGreaterThan(two.brief.firstToken);
    expect(llama31x5.usd).toBeLessThan(llama31.usd);
    expect(llama31.usd).toBeLessThan(llama2x3.usd);
  });
});
