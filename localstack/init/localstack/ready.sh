#!/bin/sh
# Runs inside LocalStack once its services answer. Queues, bucket and secrets are not made here: template.yaml
# describes them, and the runner makes them.
set -eu
awslocal sqs list-queues >/dev/null
awslocal s3api list-buckets >/dev/null
awslocal secretsmanager list-secrets >/dev/null
touch /tmp/sluice-ready
