#include <algorithm>
#include <list>

struct Thing {};

template <typename T> T twice(T value) { return value * 2; }

int main() {
    std::list<int> numbers{3, 1};
    std::sort(numbers.begin(), numbers.end());
    twice(Thing{});
}
