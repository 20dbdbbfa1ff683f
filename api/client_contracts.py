"""The calls of the client about contracts and plans, one per route."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from api.receipts import ContractReceipt, Noted
from api.receipts import ContractsReceipt as ContractsReceipt
from api.wire import Wire
from projections.answers.contracts import Cascade, Contract, Contracts, ContractState


class ContractCalls(Wire):
    """Contracts: how they stand, and what is done with them; the plans that they add up to."""

    def list_contracts(
        self,
        year: int | None = None,
        scope: str | None = None,
        state: ContractState | None = None,
        waiting: bool = False,
        search: str | None = None,
        after: str | None = None,
        limit: int = 100,
        as_of: int | str | None = None,
    ) -> Contracts:
        """How the contracts of a year stand, a page at a time."""
        asked = {"year": year, "scope": scope, "state": state, "waiting": waiting or None, "search": search or None,
                 "after": after, "limit": limit, "as_of": as_of}  # fmt: skip
        return self._get(Contracts, "/v1/contracts", asked)

    def read_contract(self, rm: str, year: int, as_of: int | str | None = None) -> Contract:
        """One contract with its history."""
        return self._get(Contract, _contract(rm, year), {"as_of": as_of})

    def draft_contract(self, rm: str, year: int) -> ContractReceipt:
        """Draft a contract from the scheme."""
        return self._post(ContractReceipt, f"{_contract(rm, year)}/draft", {})

    def propose_targets(
        self, rm: str, year: int, targets: Sequence[Mapping[str, str | None]], reason: str = ""
    ) -> ContractReceipt:
        """Ask for other targets of a draft, all or none of them."""
        body = {"targets": list(targets), "reason": reason}
        return self._post(ContractReceipt, f"{_contract(rm, year)}/propose", body)

    def sign_contract(self, rm: str, year: int, digest: str) -> ContractReceipt:
        """Sign the text that one has looked at."""
        return self._post(ContractReceipt, f"{_contract(rm, year)}/sign", {"digest": digest})

    def draft_contracts(self, year: int, rms: Sequence[str]) -> ContractsReceipt:
        """Draft up to 1,000 contracts; each gets its own result."""
        return self._post(ContractsReceipt, "/v1/contracts:draft", {"year": year, "rms": list(rms)})

    def sign_contracts(self, year: int, digests: Mapping[str, str]) -> ContractsReceipt:
        """Sign up to 1,000 contracts, each by RM and the digest of its text; each gets its own result."""
        contracts = [{"rm": rm, "digest": digest} for rm, digest in digests.items()]
        return self._post(ContractsReceipt, "/v1/contracts:sign", {"year": year, "contracts": contracts})

    def read_plan(self, org: str, year: int, as_of: int | str | None = None) -> Cascade:
        """A unit's plan beside what lies below it."""
        return self._get(Cascade, _plan(org, year), {"as_of": as_of})

    def set_plan(self, org: str, year: int, figures: Sequence[Mapping[str, str]], reason: str = "") -> Noted:
        """Set figures of a unit's plan, all or none of them."""
        return self._post(Noted, _plan(org, year), {"figures": list(figures), "reason": reason})


def _contract(rm: str, year: int) -> str:
    return f"/v1/contracts/{quote(rm, safe='')}/{year}"


def _plan(org: str, year: int) -> str:
    return f"/v1/plans/{quote(org, safe='')}/{year}"
