/** Files out of the page and into it. */

/** Hands the reader a file to keep. */
export function saveFile(name: string, content: BlobPart, type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  // The download has begun by then; until then the address must hold.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Opens the system's dialogue; answers with the text and name of what was picked. Nothing happens where nothing is. */
export function pickFile(accept: string, picked: (text: string, name: string) => void): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = accept;
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    if (file !== undefined) void file.text().then((text) => picked(text, file.name));
  });
  input.click();
}
