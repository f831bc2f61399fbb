package dev.sluice.localstack.fault;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names a step after a request's head: what it asks for, without the ids in it. */
final class StepNames {
  private static final Pattern TARGET =
      Pattern.compile("(?im)^x-amz-target:\\s*[\\w.-]*?\\.?(\\w+)\\s*$");

  /** Job ids, UUIDs and whatever else differs from document to document. */
  private static final Pattern ID = Pattern.compile("(?i)(?=[^/]*\\d)[0-9a-z_.-]{8,}");

  private StepNames() {}

  /** Of the AWS services that speak JSON: the operation. */
  static String aws(String server, String head) {
    Matcher target = TARGET.matcher(head);
    return server + " " + (target.find() ? target.group(1) : line(head)[0]);
  }

  /** Of S3: the method and the folder of the object, and what it does for an upload in parts. */
  static String s3(String head) {
    String[] line = line(head);
    String[] path = path(line[1]).split("/", -1);
    return "s3 %s %s/%s".formatted(line[0], path.length > 2 ? path[2] : "", purpose(line, head));
  }

  private static String purpose(String[] line, String head) {
    String target = line[1];
    if (target.contains("?uploads")) {
      return line[0].equals("POST") ? " (begin parts)" : " (unfinished parts)";
    }
    if (target.contains("partNumber=")) {
      return " (part)";
    }
    if (target.contains("uploadId=")) {
      return line[0].equals("DELETE") ? " (give up parts)" : " (all parts)";
    }
    return head.toLowerCase(Locale.ROOT).contains("\nx-amz-copy-source:") ? " (copy)" : "";
  }

  /** Of any other HTTP API: method and path. */
  static String http(String server, String head) {
    String[] line = line(head);
    StringBuilder path = new StringBuilder();
    for (String part : path(line[1]).split("/", -1)) {
      path.append(path.isEmpty() && part.isEmpty() ? "" : "/")
          .append(ID.matcher(part).matches() ? "{id}" : part);
    }
    return "%s %s %s".formatted(server, line[0], path);
  }

  static String[] line(String head) {
    String[] parts = head.split("[ \r\n]", 3);
    return parts.length == 3 ? parts : new String[] {head, "/", ""};
  }

  static String path(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }
}
