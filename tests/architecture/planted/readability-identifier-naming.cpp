// Planted for clang-tidy.
class topic_name {
 public:
  [[nodiscard]] int Length() const { return length; }

 private:
  int length = 0;
};

int length_of(const topic_name& name) { return name.Length(); }
