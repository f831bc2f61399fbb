package dev.sluice.localstack;

import dev.sluice.localstack.template.CloudTemplate;
import java.net.URI;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * SQS, S3 and Secrets Manager, ours or LocalStack's.
 *
 * @param accessKey with which functions and people sign
 * @param sqs a client with the same credentials
 */
record AwsServices(
    URI sqsEndpoint,
    URI s3Endpoint,
    URI secretsEndpoint,
    String accessKey,
    String secretKey,
    SqsClient sqs,
    CloudTemplate template) {

  String queueUrl(String arn) {
    String name = template.queueByArn(arn).name();
    return sqs.getQueueUrl(request -> request.queueName(name)).queueUrl();
  }
}
