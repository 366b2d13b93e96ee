package io.kailash.platform;

/** Fewest and most connections of a pool, {@code ….min} and {@code ….max} of its settings. */
record PoolSize(int min, int max) {
  static PoolSize read(Settings settings, String pool, int min, int max) {
    int least = settings.wholeNumber(pool + ".min", min, 0, 1000);
    int most = settings.wholeNumber(pool + ".max", max, 1, 1000);
    if (least > most) {
      throw new InvalidSettingException(
          pool + ".min", least + " is more than " + pool + ".max = " + most, null);
    }
    return new PoolSize(least, most);
  }
}
