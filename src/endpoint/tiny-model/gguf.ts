/** Writes GGUF version 3, llama.cpp's model file (ggml/docs/gguf.md): metadata, a table of tensors, then their data, aligned to 32 bytes. */

const ALIGNMENT = 32;
const VERSION = 3;
const types = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 } as const;
const tensorTypes = { f32: 0, f16: 1 } as const;

export type MetadataValue =
  | { readonly u32: number }
  | { readonly f32: number }
  | { readonly bool: boolean }
  | { readonly string: string }
  | { readonly strings: readonly string[] }
  | { readonly f32s: readonly number[] }
  | { readonly i32s: readonly number[] };

export interface Tensor {
  readonly name: string;
  /** The fastest-varying dimension first, as GGUF has it. */
  readonly shape: readonly number[];
  /** Float32Array is stored as F32, Uint16Array as the bits of F16. */
  readonly data: Float32Array | Uint16Array;
}

export function writeGguf(metadata: Readonly<Record<string, MetadataValue>>, tensors: readonly Tensor[]): Uint8Array {
  const out = new Bytes();
  out.raw(new TextEncoder().encode("GGUF"));
  out.u32(VERSION);
  out.u64(tensors.length);
  out.u64(Object.keys(metadata).length);
  for (const [key, value] of Object.entries(metadata)) {
    out.string(key);
    writeValue(out, value);
  }
  let offset = 0;
  for (const { name, shape, data } of tensors) {
    out.string(name);
    out.u32(shape.length);
    for (const size of shape) out.u64(size);
    out.u32(data instanceof Float32Array ? tensorTypes.f32 : tensorTypes.f16);
    out.u64(offset);
    offset = aligned(offset + data.byteLength);
  }
  for (const { data } of tensors) {
    out.pad(ALIGNMENT);
    out.raw(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  out.pad(ALIGNMENT);
  return out.done();
}

function writeValue(out: Bytes, value: MetadataValue): void {
  if ("u32" in value) {
    out.u32(types.u32);
    out.u32(value.u32);
  } else if ("f32" in value) {
    out.u32(types.f32);
    out.f32(value.f32);
  } else if ("bool" in value) {
    out.u32(types.bool);
    out.raw(Uint8Array.of(value.bool ? 1 : 0));
  } else if ("string" in value) {
    out.u32(types.string);
    out.string(value.string);
  } else if ("strings" in value) writeArray(out, types.string, value.strings, (item) => out.string(item));
  else if ("f32s" in value) writeArray(out, types.f32, value.f32s, (item) => out.f32(item));
  else writeArray(out, types.i32, value.i32s, (item) => out.u32(item));
}

function writeArray<T>(out: Bytes, type: number, items: readonly T[], write: (item: T) => void): void {
  out.u32(types.array);
  out.u32(type);
  out.u64(items.length);
  items.forEach(write);
}

const aligned = (size: number) => Math.ceil(size / ALIGNMENT) * ALIGNMENT;

/** A little-endian buffer that grows. */
class Bytes {
  private bytes = new Uint8Array(1 << 20);
  private view = new DataView(this.bytes.buffer);
  private size = 0;

  u32(value: number): void {
    this.room(4);
    this.view.setUint32(this.size, value >>> 0, true);
    this.size += 4;
  }
  u64(value: number): void {
    this.u32(value % 2 ** 32);
    this.u32(Math.floor(value / 2 ** 32));
  }
  f32(value: number): void {
    this.room(4);
    this.view.setFloat32(this.size, value, true);
    this.size += 4;
  }
  string(value: string): void {
    const bytes = new TextEncoder().encode(value);
    this.u64(bytes.length);
    this.raw(bytes);
  }
  raw(bytes: Uint8Array): void {
    this.room(bytes.length);
    this.bytes.set(bytes, this.size);
    this.size += bytes.length;
  }
  pad(to: number): void {
    this.raw(new Uint8Array((to - (this.size % to)) % to));
  }
  done(): Uint8Array {
    return this.bytes.slice(0, this.size);
  }

  private room(more: number): void {
    if (this.size + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.bytes.length, this.size + more));
    grown.set(this.bytes.subarray(0, this.size));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }
}
