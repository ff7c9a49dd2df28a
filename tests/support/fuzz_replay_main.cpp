// Runs a fuzz target as an ordinary test: every seed of its corpus, then a bounded number of mutations of the seeds, the same ones each time.
// The coverage-guided run is the same source built with the fuzz preset.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Input = std::vector<std::uint8_t>;

Input mutate(Input input, const std::vector<Input>& seeds, std::mt19937& random) {
  const auto below = [&](std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random); };
  for (std::size_t change = 0, changes = 1 + below(4); change < changes; ++change) {
    const std::size_t at = below(input.size() + 1);
    const auto position = input.begin() + static_cast<std::ptrdiff_t>(at);
    switch (below(5)) {
      case 0: input.insert(position, static_cast<std::uint8_t>(below(256))); break;
      case 1:
        if (at < input.size()) input.erase(position);
        break;
      case 2:
        if (at < input.size()) *position = static_cast<std::uint8_t>(below(256));
        break;
      case 3:
        if (at < input.size()) *position = static_cast<std::uint8_t>(*position ^ (1U << below(8)));
        break;
      default: {  // splice the tail of another seed
        const Input& other = seeds[below(seeds.size())];
        input.resize(at);
        if (!other.empty()) input.insert(input.end(), other.begin() + static_cast<std::ptrdiff_t>(below(other.size())), other.end());
      }
    }
  }
  return input;
}

}  // namespace

int main(int argc, char** argv) {
  constexpr int kMutations = 20'000;
  std::vector<Input> seeds;
  if (argc > 1 && std::filesystem::is_directory(argv[1])) {
    for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
      std::ifstream file(entry.path(), std::ios::binary);
      seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
  }
  if (seeds.empty()) {
    std::fprintf(stderr, "no seeds in %s: a fuzz target without seeds tests nothing\n", argc > 1 ? argv[1] : "(no folder given)");
    return 1;
  }
  std::mt19937 random(20'261'123);
  for (const Input& seed : seeds) LLVMFuzzerTestOneInput(seed.data(), seed.size());
  for (int i = 0; i < kMutations; ++i) {
    const Input input = mutate(seeds[static_cast<std::size_t>(i) % seeds.size()], seeds, random);
    LLVMFuzzerTestOneInput(input.data(), input.size());
  }
  std::printf("%zu seeds, %d mutations\n", seeds.size(), kMutations);
  return 0;
}
