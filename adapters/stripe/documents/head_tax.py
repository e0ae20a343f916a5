"""Finds the lines that bear a tax that only the head of a document states."""

from ....canonical.facts import DocumentLine, Head


def find_left(heads, lines):
    """Return what is left of taxes when those of lines are taken off them, each with
    what is left of the amount that it is a tax of.

    Nothing is left where some lines bear more and others less than the head says: the
    two name the same taxes in different ways.
    """
    found = subtract(heads, lines)
    return [] if len({tax.amount > 0 for tax in found}) > 1 else found


def subtract(heads, lines):
    """Return taxes less those of lines, without those that come to nothing then."""
    left = {}
    for tax in heads:
        left[_key(tax)] = _add(left.get(_key(tax)), tax, 1)
    for line in lines:
        for tax in line.taxes:
            left[_key(tax)] = _add(left.get(_key(tax)), tax, -1)
    return [tax for tax in left.values() if tax.amount]


def place(lines, taxes):
    """Return lines that bear ``taxes`` as well, as a tuple.

    What a line that has the tax already leaves over is a rounding, and goes there. A
    tax of all lines together is spread over them. Any other one gets a line of its own.
    """
    lines, alone = [*lines], []
    for tax in taxes:
        bearing = [n for n, line in enumerate(lines) if _find(line, tax) is not None]
        if bearing and not tax.taxable:
            lines[bearing[-1]] = _raise(lines[bearing[-1]], tax)
        elif not bearing and (shared := _find_shared(lines, tax)):
            _spread(lines, shared, tax)
        else:
            alone.append(tax)
    if not alone:
        return (*lines,)
    included = sum(tax.amount for tax in alone if tax.inclusive)
    line = DocumentLine(
        external_id=Head.TAX, product=Head.TAX, net=-included, taxes=(*alone,)
    )
    return (*lines, line)


def _key(tax):
    return tax.rate, tax.inclusive


def _add(sum_, tax, sign):
    """Return a tax to which another one of its rate was added; ``sign`` is -1 to take
    that away. A base that one of them doesn't tell isn't known of the sum.
    """
    if sum_ is None:
        taxable = None if tax.taxable is None else sign * tax.taxable
        return tax.model_copy(update={"amount": sign * tax.amount, "taxable": taxable})
    known = None not in (sum_.taxable, tax.taxable)
    taxable = sum_.taxable + sign * tax.taxable if known else None
    amount = sum_.amount + sign * tax.amount
    return sum_.model_copy(
        update={
            "amount": amount,
            "taxable": taxable,
            "details": sum_.details or tax.details,
        }
    )


def _find(line, tax):
    return next((t for t in line.taxes if _key(t) == _key(tax)), None)


def _raise(line, tax):
    """Return a line of which one tax is higher by the amount of ``tax``."""
    own = _find(line, tax)
    more = own.model_copy(update={"amount": own.amount + tax.amount})
    included = tax.amount if tax.inclusive else 0
    taxes = tuple(more if part is own else part for part in line.taxes)
    return line.model_copy(update={"net": line.net - included, "taxes": taxes})


def _find_shared(lines, tax):
    """Return the numbers of the lines that ``tax`` is a tax of: of all, or of all but
    the shipping. None if its base is neither. Where neither base nor percentage is
    told, it is taken for a tax of all: Odoo's own tax comes to that amount, or a person
    sees that it does not.
    """
    everything = [*range(len(lines))]
    goods = [n for n in everything if lines[n].product != Head.SHIPPING]
    for numbers in (goods, everything):
        net = sum(lines[n].net for n in numbers)
        bases = (net, net - tax.amount) if tax.inclusive else (net,)
        if net and (tax.taxable in bases or _comes_to(net, tax)):
            return numbers
    return None


def _comes_to(net, tax):
    """Return whether a tax of an unknown base could be a tax of ``net``, to the
    smallest amount.
    """
    if tax.taxable is not None:
        return False
    if not tax.details or tax.details.percentage is None:
        return True
    percentage = tax.details.percentage
    base = 100 + percentage if tax.inclusive else 100
    return abs(base * tax.amount - net * percentage) <= base


def _spread(lines, numbers, tax):
    """Put a tax on lines in proportion to their amounts, and no cent more or less."""
    whole, so_far, given = sum(lines[n].net for n in numbers), 0, 0
    shares = []
    for n in numbers:
        so_far += lines[n].net
        shares.append(tax.amount * so_far // whole - given)
        given += shares[-1]
    for n, share in zip(numbers, shares, strict=True):
        line = lines[n]
        net = line.net - share if tax.inclusive else line.net
        part = tax.model_copy(update={"amount": share, "taxable": net})
        lines[n] = line.model_copy(update={"net": net, "taxes": (*line.taxes, part)})
