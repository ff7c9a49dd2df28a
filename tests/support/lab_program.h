// LabProgram: a program of tests/lab as a child of a test: started with the object, stopped with it, however the test ends. It prints one line about
// itself when it is ready and runs until its standard input closes. Throws when it does not start: a test that does not run must not pass.
// Thread rule: one thread, the one that made it.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace ipam::test {

class LabProgram {
 public:
  // `script` as in "kea_lab.py".
  LabProgram(const std::string& script, std::vector<std::string> arguments);
  ~LabProgram();
  LabProgram(const LabProgram&) = delete;
  LabProgram& operator=(const LabProgram&) = delete;

  const std::string& line() const { return line_; }
  // Of a program that prints an object of JSON: a text in it, by its key. The labs' texts hold nothing that JSON would escape.
  std::string text(const std::string& key) const;
  // Closes its input and waits for its end.
  void stop();

 private:
  const std::string script_;
  pid_t child_ = -1;
  int input_ = -1;
  std::string line_;
};

// What a program prints on its standard output. Throws when it fails.
std::string output_of(std::vector<std::string> arguments);

}  // namespace ipam::test
