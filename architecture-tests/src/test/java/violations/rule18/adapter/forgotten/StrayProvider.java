package violations.rule18.adapter.forgotten;

final class StrayProvider {}
