package violations.rule01.adapter.local;

public interface Store {}
