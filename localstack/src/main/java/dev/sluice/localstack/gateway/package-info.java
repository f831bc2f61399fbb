/**
 * API Gateway's part for one HTTP API: routes, the JWT authorizer with a local issuer, payload
 * format 2.0, and AWS's limits and error answers.
 */
@NullMarked
package dev.sluice.localstack.gateway;

import org.jspecify.annotations.NullMarked;
