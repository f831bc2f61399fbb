package dev.sluice.cli.bench;

/**
 * What a run of the writing of vectors does.
 *
 * @param vectors that each writer writes in each round
 * @param rounds that are counted
 */
public record VectorsSettings(int vectors, int rounds) {}
