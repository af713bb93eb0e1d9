package violations.rule07.domain.there;

import violations.rule07.domain.here.Chicken;
import java.util.List;

public record Egg(List<Chicken> chicken) {}
