package violations.rule07.domain.here;

import violations.rule07.domain.there.Egg;

public record Chicken(Egg egg) {}
