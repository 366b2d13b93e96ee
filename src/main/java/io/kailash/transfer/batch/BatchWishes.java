package io.kailash.transfer.batch;

/** What a batch wants for items that do not say; null leaves it to the service. */
record BatchWishes(String taxonomy, Boolean explain, Integer alternatives) {}
