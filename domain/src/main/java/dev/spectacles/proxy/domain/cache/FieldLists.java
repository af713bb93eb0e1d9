package dev.spectacles.proxy.domain.cache;

import dev.spectacles.proxy.domain.request.Header;
import dev.spectacles.proxy.domain.request.Headers;
import java.util.ArrayList;
import java.util.List;

/** Header fields whose values are lists. Source: RFC 9110, sections 5.6.1 and 5.6.4. */
final class FieldLists {
  private FieldLists() {}

  /** Members of all lines of this header, stripped, without the empty ones. */
  static List<String> members(Headers headers, String name) {
    var members = new ArrayList<String>();
    for (Header field : headers.fields()) {
      if (field.name().equals(name)) {
        members.addAll(split(field.value()));
      }
    }
    return members;
  }

  /** Members of a list; a comma within a quoted string does not separate any. */
  static List<String> split(String list) {
    var members = new ArrayList<String>();
    boolean quotes = true;
    int start = 0;
    for (int i = 0; i < list.length(); i++) {
      char c = list.charAt(i);
      if (c == ',') {
        add(members, list.substring(start, i));
        start = i + 1;
      } else if (c == '"' && quotes) {
        int end = endOfQuoted(list, i);
        // What a quote that nobody closed seems to enclose is read: "no-store" may be in there.
        quotes = end >= 0;
        i = Math.max(i, end);
      }
    }
    add(members, list.substring(start));
    return members;
  }

  private static void add(List<String> members, String member) {
    String stripped = member.strip();
    if (!stripped.isEmpty()) {
      members.add(stripped);
    }
  }

  /** Index of the quote that closes the one at {@code start}; negative if none does. */
  static int endOfQuoted(String text, int start) {
    for (int i = start + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        return i;
      }
      if (c == '\\') {
        i++;
      }
    }
    return -1;
  }
}
