namespace shapes {
struct Circle {
    double area(double scale) const;
};
}

int main() { return int(shapes::Circle{}.area(2)); }
