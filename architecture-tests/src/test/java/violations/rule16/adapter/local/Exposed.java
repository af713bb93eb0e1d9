package violations.rule16.adapter.local;

public final class Exposed {}
