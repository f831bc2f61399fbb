package dev.sluice.localstack.template;

/**
 * A template that the local cloud cannot run as AWS would; the message names the place and the
 * reason.
 */
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TemplateException(String place, String reason) {
    super("template.yaml, " + place + ": " + reason);
  }

  TemplateException(String place, String reason, Throwable cause) {
    super("template.yaml, " + place + ": " + reason, cause);
  }
}
