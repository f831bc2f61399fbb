package dev.sluice.localstack.template;

import java.util.List;

/** What names in a template stand for. */
interface References {

  /** The value of {@code Ref}: a parameter's (text, or a list), a resource's name, URL or ARN. */
  Object ref(String place, String name);

  String attribute(String place, String logicalId, String attribute);

  boolean condition(String place, String name);

  /** Text that {@code Fn::Sub} has filled in. */
  String substituted(String text);

  /** {@code Ref AWS::NoValue}: the property is as if not written. */
  Object NO_VALUE = List.of("AWS::NoValue");
}
