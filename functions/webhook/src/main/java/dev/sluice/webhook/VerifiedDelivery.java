package dev.sluice.webhook;

/**
 * What a verified callback says.
 *
 * @param nonce the delivery's own id, the same in every repetition of it
 * @param event the parser's name for what happened
 * @param parseJobId the parser's own id of the job
 * @param ended whether the parser is done with the job, so that its result is to be fetched
 */
record VerifiedDelivery(String nonce, String event, String parseJobId, boolean ended) {}
