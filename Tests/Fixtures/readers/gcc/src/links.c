int elsewhere(int);
extern int somewhere;

int main(void) {
    return elsewhere(somewhere);
}
