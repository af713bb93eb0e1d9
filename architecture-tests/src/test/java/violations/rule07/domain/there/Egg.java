package violations.rule07.domain.there;

import java.util.List;
import violations.rule07.domain.here.Chicken;

public record Egg(List<Chicken> chicken) {}
