package dev.sluice.simulator.openai;

/**
 * One vector of an answer.
 *
 * @param index the place of its text in the request
 */
@SuppressWarnings("ArrayRecordComponent")
record Embedding(int index, float[] vector) {}
