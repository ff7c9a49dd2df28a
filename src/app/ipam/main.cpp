#include "cli/cli.h"

int main(int count, char** arguments) { return ipam::cli::run_process(count, arguments); }
