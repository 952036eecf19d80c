<?php

use PHPUnit\Framework\TestCase;

final class QuietTest extends TestCase
{
    public function testPrints(): void
    {
        echo "There was 1 failure:\n\n1) BasketTest::testAddsPrices\nno\n\n";
        echo "FAILURES!\nTests: 3, Assertions: 3, Failures: 1.\n";
        $this->assertTrue(true);
    }
}
