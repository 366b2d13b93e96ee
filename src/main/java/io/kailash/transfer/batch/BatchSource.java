package io.kailash.transfer.batch;

import java.io.IOException;
import java.util.List;

/** Where a job's items come from, in an order that does not change. */
interface BatchSource extends AutoCloseable {
  /** The next items, at most so many; empty at the end. */
  List<BatchLine> next(int limit) throws IOException;

  /** Where to go on after what was last handed out. */
  long place();

  /** The number of what was last handed out. */
  long number();

  /** How many items there are in all; -1 where that is not known. */
  long total();

  @Override
  void close() throws IOException;
}
