package org.example.shop;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BasketTest {
    @Test
    void addsPrices() {
        assertEquals(7, 2, "the total");
    }

    @Test
    @DisplayName("has a name of its own")
    void named() {
        throw new IllegalStateException("no database");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void isOdd(int number) {
        assertEquals(1, number % 2);
    }

    @Test
    void checksAll() {
        assertAll("totals", () -> assertEquals(1, 2), () -> assertEquals(3, 4));
    }

    @Test
    void endsInTime() {
        assertTimeoutPreemptively(Duration.ofMillis(20), () -> Thread.sleep(500));
    }

    @Disabled("not yet")
    @Test
    void knowsCurrencies() {
    }

    @Nested
    class WhenEmpty {
        @Test
        void costsNothing() {
            assertEquals(0, 1);
        }
    }
}
