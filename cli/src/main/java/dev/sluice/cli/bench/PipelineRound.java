package dev.sluice.cli.bench;

/**
 * The same documents in turn through each.
 *
 * @param chunks of ours
 * @param busy share of the machine's cores that was busy while ours ran, from 0 to 1; 0 if unknown
 * @param oneByOne LangChain4j, one document after another
 * @param threads LangChain4j, several at once
 */
record PipelineRound(
    double ours, long chunks, double busy, PeerIngest.Result oneByOne, PeerIngest.Result threads) {}
