package dev.sluice.cli.redrive;

/**
 * What came of one queue's redrive.
 *
 * @param stage whose messages they are
 * @param moved messages that are back in the stage's queue
 */
public record Redriven(String stage, long moved) {}
