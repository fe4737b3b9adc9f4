// Where users and organizations go: the steps that an entity takes there, and how each of them is done exactly once.
#ifndef USHER_BULK_TARGET_HPP
#define USHER_BULK_TARGET_HPP

#include <usher/bulk/catalog.hpp>
#include <usher/bulk/failure.hpp>
#include <usher/bulk/model.hpp>
#include <usher/result.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace usher::clerk {
class client;
}
namespace usher::scalekit {
class client;
}

namespace usher::bulk {

/// One call that changes something, with the look-ups that belong to it.
struct step {
    step() = default;
    step(import_step kind_, std::size_t index_) : kind(kind_), index(index_) {}
    import_step kind = import_step::create;
    std::size_t index = 0; ///< which of the entity's addresses, numbers or memberships
    /// The call that makes the entity does this, too. It is a step of its own for an entity that was there before, and
    /// for one that was found after its creation seemed lost.
    bool comes_along = false;
};

/// What is to be done.
struct step_request {
    step_request() = default;
    const mapped_record* record = nullptr; ///< outlives the call
    step what;
    std::string target_id; ///< of the entity; empty before it is created
    /// This job made the entity: a ban or a lock that is found there is this job's too, and need not be asked for.
    bool made_entity = false;
    /// An earlier run may have done this step and was ended before it knew: look first, as long as a listing may lag.
    bool in_doubt = false;
    std::chrono::sys_time<std::chrono::milliseconds> in_doubt_since{};
};

/// What became of it.
struct step_result {
    step_result() = default;
    bool succeeded() const noexcept { return !failure.has_value(); }
    /// Of the user, organization, address or number; of a membership: the target's id of the organization. Empty for a
    /// ban or lock, and may be for an address or number that was there.
    std::string id;
    bool made = false;       ///< this step made it, or an earlier attempt of this job did
    bool recovered = false;  ///< its creation seemed lost and was found
    std::vector<note> notes; ///< what turned out not to reach the target
    std::optional<import_failure> failure;
    /// Further records would fail the same way (no permission, nobody answers): the run should end.
    std::optional<error> hopeless;
};

/// A thing that a job made, for `target::remove`.
struct made_thing {
    made_thing() = default;
    entity_kind of = entity_kind::user;
    import_step kind = import_step::create;
    std::string entity_id; ///< at the target
    std::string id;        ///< as `step_result::id` said; for `create`: the same as `entity_id`
    std::chrono::sys_time<std::chrono::milliseconds> made_at{};
};

enum class removal : std::uint8_t {
    removed,
    was_gone, ///< somebody else removed it before
    /// The user has signed in since it was made: it stays, unless forced. Or somebody still belongs to the
    /// organization: it stays, forced or not.
    in_use
};

struct target_counters {
    target_counters() = default;
    std::uint64_t lookups = 0;   ///< questions asked beside the steps themselves
    std::uint64_t repeated = 0;  ///< steps sent again after an answer that said nothing
    std::uint64_t recovered = 0; ///< things whose creation seemed lost and was found
};

struct target_options {
    target_options() = default;
    /// Each call: waiting, all attempts, backoff.
    std::chrono::milliseconds deadline{3'600'000};
    /// How often something is looked for, or a creation of unknown outcome is repeated, before giving the record up.
    int attempts = 5;
    /// Between two looks: a listing may lag behind what was created. Doubled each time.
    std::chrono::milliseconds pause{500};
    /// The longest that a listing may lag. Where a listing alone tells (of an organization at a Clerk instance that has
    /// no slugs, or of which that is not known yet), a creation that may have taken effect is looked for until so long
    /// after its last attempt, and only then sent again; so it waits, too, for an attempt that is slow to take effect.
    /// What lags longer is made a second time, as is what another job made there less than that ago. Not negative.
    std::chrono::milliseconds longest_lag{30'000};
    /// Steps in a row that found nobody who answers, after which the run is hopeless. At least 1.
    int most_lost = 16;
    /// Which of the runs that share one source this is. Clerk's instances may have no slugs for organizations, and then
    /// nothing refuses a second one: part 0 creates them, and the others wait for what it makes, until they know that
    /// there are slugs. A run that waits in vain ends as hopeless.
    std::uint32_t part = 0;
    /// Role names of the source → of the target. Others: the same name, with Clerk's `org:` put in front or taken off.
    std::map<std::string, std::string> roles;
    /// Scalekit: where new users go who belong to no organization (an id there). Empty: such users are refused. Who is
    /// there already stays where they are.
    std::string default_organization;
    /// Scalekit: let it send its invitation to each user who is created. Off: nobody is mailed.
    bool send_invitations = false;
};

/// A service that records are brought to.
///
/// A step is sent first and asked about afterwards: what is there already is recognised by what the source calls it
/// (`external_id`; at Clerk, which has none for organizations, a deterministic slug and a marker in `private_metadata`)
/// and only that is adopted. At Clerk a user with the source's `created_at` and without a verified address or number
/// has
/// `{"usher": {"sent_at": …}}` in `private_metadata`: nothing else would tell that this job made them. When it is
/// unknown whether a step took effect, the target looks before anything is sent again. *Thread safety*: that of the
/// client; steps of several records may be under way at once.
///
/// How a step ends, by what its last attempt was answered and what the look after it found:
/// | answer               | found                  | end                                                            |
/// |----------------------|------------------------|----------------------------------------------------------------|
/// | done                 |                        | made                                                           |
/// | it is there          | ours                   | made, if an attempt of this job explains its time; else there  |
/// | it is there          | somebody else's        | failed: `identifier_taken`, `role_differs`                     |
/// | it is there          | nothing, as yet        | failed, in doubt                                               |
/// | refused              |                        | failed                                                         |
/// | refused, and an      | ours                   | made, recovered                                                |
/// | attempt before may   | nothing, which a get   | failed                                                         |
/// | have done it         | or `longest_lag` prove |                                                                |
/// | none, or a 5xx       | ours                   | made, recovered                                                |
/// | none, or a 5xx       | nothing, and a second  | sent again up to `attempts`, then failed, in doubt if the last |
/// |                      | one would be refused,  | one may still take effect                                      |
/// |                      | or a get tells         |                                                                |
/// | none, or a 5xx       | nothing, and a listing | the same, each time after `longest_lag`                        |
/// |                      | alone tells            |                                                                |
/// | any of these         | the look fails         | failed, in doubt                                               |
///
/// In doubt means `import_failure::outcome_unknown`: the journal keeps the step open, and a later run looks first.
class target {
public:
    /// The target's id of an organization that the source calls so; empty: it is not there.
    using organization_lookup = std::function<std::string(std::string_view source_id)>;

    virtual ~target() = default;
    /// `clerk` or `scalekit`.
    virtual std::string_view service() const noexcept = 0;
    /// Asks what there is before anything is written: whether address and key are right, roles and organizations of the
    /// options exist. *Errors*: that of the first call which fails.
    virtual boost::asio::awaitable<result<void>> prepare() = 0;
    /// Which instance (Clerk) or environment (Scalekit) the client's key leads to, by a name that stays: the same one
    /// tomorrow, another one elsewhere. Empty: that can't be told, as where the key may not ask; a target that does not
    /// override it never tells. Asked once; Scalekit's is its address and costs no call. *Errors*: that of the call if
    /// nobody answered or the service could not, after 30 s at most. *Cancellation*: as a call that only reads.
    virtual boost::asio::awaitable<result<std::string>> instance();
    /// What an entity asks for, step by step; what the target can't take is added to the record's notes.
    /// *Errors*: a refusal for an entity that can't be there at all. Sends nothing.
    virtual boost::system::result<std::vector<step>, refusal> plan(mapped_record& record) const = 0;
    /// Does one step exactly once.
    virtual boost::asio::awaitable<step_result> perform(step_request request) = 0;
    /// Takes back what a step did; `force`: of a user who has signed in since, too. *Errors*: that of the call.
    virtual boost::asio::awaitable<result<removal>> remove(made_thing what, bool force) = 0;
    /// What is there under these ids of the target, in their order; nothing where there is none. Read by id or by
    /// listings, whatever is cheaper. Memberships name the target's ids of organizations, and cost Clerk a call for
    /// each user. Secrets are only told to be there: an empty digest for a password, `set` for the rest.
    virtual boost::asio::awaitable<result<std::vector<std::optional<user>>>> read_users(std::vector<std::string> ids,
                                                                                        bool memberships = true) = 0;
    virtual boost::asio::awaitable<result<std::optional<organization>>> read_organization(std::string id) = 0;
    /// What an entity should look like there, given what the target can hold: for comparison with what is read.
    /// Memberships name the source's ids of organizations. An optional member that is left empty may be anything there.
    virtual user expected(const user& at_source) const = 0;
    virtual organization expected(const organization& at_source) const = 0;
    /// Whether the slug of an organization that was read there says something: of an instance without slugs it doesn't.
    virtual bool tells_slug(const organization& found) const
    {
        (void)found;
        return true;
    }
    /// How memberships find their organizations. Set by whoever runs the steps.
    virtual void set_organizations(organization_lookup find) = 0;
    /// Tells what is there already; nothing: this target can't.
    virtual catalog* known() noexcept { return nullptr; }
    virtual const target_counters& counters() const noexcept = 0;
};

/// *Errors*: `std::invalid_argument` for an option that is out of range.
std::unique_ptr<target> make_clerk_target(boost::asio::any_io_executor executor, const clerk::client& client,
                                          target_options options = target_options());
std::unique_ptr<target> make_scalekit_target(boost::asio::any_io_executor executor, const scalekit::client& client,
                                             target_options options = target_options());

} // namespace usher::bulk

#endif
