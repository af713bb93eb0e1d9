package dev.spectacles.proxy.domain.cache;

/** Tags that every stored answer bears beside those of its route. */
public final class Tags {
  /** Every answer there is. */
  public static final String ALL = "all";

  private Tags() {}

  /** Every answer to these credentials. */
  public static String ofScope(String scope) {
    return "scope:" + scope;
  }

  /** Every answer to this path, canonical, whatever the query. */
  public static String ofPath(String path) {
    return "uri:" + path;
  }
}
