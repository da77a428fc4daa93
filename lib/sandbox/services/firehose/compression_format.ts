/**
 * The compression formats of a destination, and what a format means for an object's name and headers.
 * @module
 */

/** Values of CompressionFormat. */
export type CompressionFormat = "UNCOMPRESSED" | EncodedFormat;

/** `Content-Encoding` and extension of an object (captured, August 2026: the guide has `.hsnappy`). */
export const FORMATS: Readonly<
  Record<CompressionFormat, { readonly contentEncoding?: string; readonly extension: string }>
> = {
  UNCOMPRESSED: { extension: "" },
  GZIP: { contentEncoding: "gzip", extension: ".gz" },
  ZIP: { contentEncoding: "zip", extension: ".zip" },
  Snappy: { contentEncoding: "snappy-java", extension: ".snappy" },
  HADOOP_SNAPPY: { contentEncoding: "hadoop-snappy", extension: ".snappy" },
};

/** The format of a destination's CompressionFormat; its constraint allows no other value. */
export function compressionFormatOf(value: string | undefined): CompressionFormat {
  return value !== undefined && isFormat(value) ? value : "UNCOMPRESSED";
}

const isFormat = (value: string): value is CompressionFormat => Object.hasOwn(FORMATS, value);

/** The formats that change the bytes. */
export type EncodedFormat = "GZIP" | "ZIP" | "Snappy" | "HADOOP_SNAPPY";
