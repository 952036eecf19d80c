import java.util.ArrayList;
import java.util.List;

public class Basket {
    private final List<Integer> prices = new ArrayList();

    public int total() {
        String text = prices.size();
        return prices.totla();
    }

    public void broken() {
        Nowhere nothing = null;
    }
}
