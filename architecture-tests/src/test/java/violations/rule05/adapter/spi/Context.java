package violations.rule05.adapter.spi;

public record Context() {}
