package violations.rule16.adapter.local;

public record LocalSettings() {}
