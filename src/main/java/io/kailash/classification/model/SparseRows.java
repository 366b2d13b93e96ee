package io.kailash.classification.model;

import java.util.Arrays;

/**
 * A sparse matrix by rows, in chunks so that no array exceeds what a JVM can hold and growth copies
 * little.
 */
final class SparseRows {

  private static final int CHUNK = 1 << 22;

  private int[][] columns = new int[1][];
  private float[][] values = new float[1][];
  private int[] rowChunk = new int[1024];
  private int[] rowStart = new int[1024];
  private int[] rowLength = new int[1024];
  private int rows;
  private int chunk;
  private int used;

  SparseRows() {
    columns[0] = new int[1 << 12];
    values[0] = new float[1 << 12];
  }

  int rows() {
    return rows;
  }

  void add(int[] rowColumns, float[] rowValues, int length) {
    if (used + length > columns[chunk].length) {
      if (columns[chunk].length < CHUNK) {
        int size = Math.min(CHUNK, Math.max(columns[chunk].length * 2, used + length));
        if (used + length <= size) {
          columns[chunk] = Arrays.copyOf(columns[chunk], size);
          values[chunk] = Arrays.copyOf(values[chunk], size);
        } else {
          nextChunk();
        }
      } else {
        nextChunk();
      }
    }
    if (rows == rowStart.length) {
      rowChunk = Arrays.copyOf(rowChunk, rows * 2);
      rowStart = Arrays.copyOf(rowStart, rows * 2);
      rowLength = Arrays.copyOf(rowLength, rows * 2);
    }
    System.arraycopy(rowColumns, 0, columns[chunk], used, length);
    System.arraycopy(rowValues, 0, values[chunk], used, length);
    rowChunk[rows] = chunk;
    rowStart[rows] = used;
    rowLength[rows] = length;
    rows++;
    used += length;
  }

  private void nextChunk() {
    chunk++;
    if (chunk == columns.length) {
      columns = Arrays.copyOf(columns, chunk * 2);
      values = Arrays.copyOf(values, chunk * 2);
    }
    columns[chunk] = new int[CHUNK];
    values[chunk] = new float[CHUNK];
    used = 0;
  }

  int[] columns(int row) {
    return columns[rowChunk[row]];
  }

  float[] values(int row) {
    return values[rowChunk[row]];
  }

  int start(int row) {
    return rowStart[row];
  }

  int end(int row) {
    return rowStart[row] + rowLength[row];
  }

  /** Squared length of what the mask lets through. */
  float squaredNorm(int row, boolean[] mask) {
    int[] c = columns(row);
    float[] v = values(row);
    double sum = 0;
    for (int i = start(row), end = end(row); i < end; i++) {
      sum += mask[c[i]] ? v[i] * v[i] : 0;
    }
    return (float) sum;
  }

  float dot(int row, float[] weights) {
    int[] c = columns(row);
    float[] v = values(row);
    float sum = 0;
    for (int i = start(row), end = end(row); i < end; i++) {
      sum += weights[c[i]] * v[i];
    }
    return sum;
  }

  /** Adds what the mask lets through. */
  void addTo(int row, float factor, float[] weights, boolean[] mask) {
    int[] c = columns(row);
    float[] v = values(row);
    for (int i = start(row), end = end(row); i < end; i++) {
      weights[c[i]] += mask[c[i]] ? factor * v[i] : 0;
    }
  }
}
