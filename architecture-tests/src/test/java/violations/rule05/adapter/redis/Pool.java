package violations.rule05.adapter.redis;

public record Pool() {}
