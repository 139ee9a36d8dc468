"""Home: a return of the sample package read and recognised, as the use case has it done."""

from tests.exchange.samples import WETLANDS
from tm_service.exchange.recognise import recognised
from tm_service.exchange.returns import read_returns


def read_bundle(name, content, limits=None, candidates=(WETLANDS,)):
    (back,) = recognised(read_returns(name, content, limits), candidates)
    return back
