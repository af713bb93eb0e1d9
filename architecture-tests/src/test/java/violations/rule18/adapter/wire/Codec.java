package violations.rule18.adapter.wire;

final class Codec {}
