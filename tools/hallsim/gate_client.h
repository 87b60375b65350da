// Asks the daemon's gate, as a game server does when somebody wants to log in.
#ifndef HALLWARDEN_TOOLS_HALLSIM_GATE_CLIENT_H_
#define HALLWARDEN_TOOLS_HALLSIM_GATE_CLIENT_H_

#include <memory>
#include <string>

#include "tools/hallsim/server_run.h"

namespace grpc {
class Channel;
}  // namespace grpc

namespace hallwarden::hallsim {

// Asks whether an account may log in; waits at most two seconds. Thread-safe.
GateCheck MakeGateCheck(const std::shared_ptr<grpc::Channel>& channel, const std::string& token);

}  // namespace hallwarden::hallsim

#endif  // HALLWARDEN_TOOLS_HALLSIM_GATE_CLIENT_H_
