// Planted for clang-tidy.
int tangle(int depth, int width) {
  int total = 0;
  for (int i = 0; i < depth; ++i) {
    if (i % 2 == 0) {
      for (int j = 0; j < width; ++j) {
        if (j % 3 == 0) {
          while (total < i * j) {
            if (total % 5 == 0) {
              total += 2;
            } else if (total % 7 == 0) {
              total += 3;
            } else {
              ++total;
            }
          }
        }
      }
    }
  }
  return total;
}
