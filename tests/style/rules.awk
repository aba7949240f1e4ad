# rules.awk - the style rules that the text of C files can be checked for.
#
# awk -f rules.awk pass=1 FILES pass=2 FILES, with names relative to the root of the tree. Pass 1
# collects which macros are steps, pass 2 prints one line per violation: FILE:LINE: RULE: what.
# The rules are listed in run_style.sh. Works in mawk: no \b, no {n,m}.

function report(rule, text)
{
	printf "%s:%d: %s: %s\n", FILENAME, FNR, rule, text
}

# The line with comments, strings and characters blanked; knows whether a comment is open.
function stripped(line,    out, c, two, quote)
{
	out = ""
	quote = ""
	while (line != "") {
		c = substr(line, 1, 1)
		two = substr(line, 1, 2)
		if (in_comment) {
			if (two == "*/") {
				in_comment = 0
				line = substr(line, 2)
			}
			c = (c == "\t") ? c : " "
		} else if (quote != "") {
			if (c == "\\")
				line = substr(line, 2)
			else if (c == quote)
				quote = ""
			c = "_"
		} else if (two == "/*") {
			in_comment = 1
			line = substr(line, 2)
			c = " "
		} else if (two == "//") {
			break
		} else if (c == "\"" || c == "'") {
			quote = c
			c = "_"
		}
		out = out c
		line = substr(line, 2)
	}
	sub(/[ \t]+$/, "", out)
	return out
}

function columns(line,    i, n)
{
	n = 0
	for (i = 1; i <= length(line); i++)
		n += (substr(line, i, 1) == "\t") ? 8 - n % 8 : 1
	return n
}

function has_word(text, word)
{
	return (" " text " ") ~ ("[^A-Za-z0-9_]" word "[^A-Za-z0-9_]")
}

function calls(text, name)
{
	return (" " text) ~ ("[^A-Za-z0-9_]" name "\\(")
}

# --- pass 1: a macro whose body has a step is a step --------------------------------------------

function collect_macros(code)
{
	if (!in_macro && code ~ /^#define[ \t]+[A-Z_]+\(/) {
		macro = code
		sub(/^#define[ \t]+/, "", macro)
		sub(/\(.*/, "", macro)
		in_macro = 1
	}
	if (in_macro) {
		bodies[macro] = bodies[macro] " " code
		if (code !~ /\\$/)
			in_macro = 0
	}
}

function find_steps(    macro, step, grew)
{
	split("SPEND WAIT WAIT_UP_TO CALL DONE LOCK UNLOCK IRQ_ON EXIT PATH_STOP", base)
	for (step in base)
		steps[base[step]] = 1
	do {
		grew = 0
		for (macro in bodies) {
			if (macro in steps || macro ~ /^PATH_/)
				continue
			for (step in steps) {
				if (macro != step && calls(bodies[macro], step)) {
					steps[macro] = 1
					grew = 1
					break
				}
			}
		}
	} while (grew)
}

# --- pass 2 ---------------------------------------------------------------------------------------

function start_file()
{
	layer = FILENAME
	sub(/\/.*/, "", layer)
	pure = (layer == "sim" || layer == "models")
	in_comment = in_macro = in_path = function_from = 0
	head = ""
	guard = ""
}

function check_any_line(code)
{
	if (FNR == 501)
		report("file-size", "more than 500 lines")
	if (columns($0) > 100)
		report("line-length", columns($0) " columns, at most 100")
	if ($0 ~ /[ \t]$/)
		report("trailing-blank", "blank at the end of the line")
	if (code ~ /^ +[^ ]/ || code ~ /^\t* *        /)
		report("tabs", "indent with tabs of 8")
	if (has_word($0, "TO" "DO") || has_word($0, "FIX" "ME") || has_word($0, "X" "XX"))
		report("banned-word", "unfinished work does not go in")
}

function check_header(code)
{
	if (pure && FNR == 1 && $0 != "/*")
		report("head", "open with a comment: what this file is")
	if (pure && FNR == 2 && $0 !~ /^ \* [a-z0-9_\/-]+ - ./)
		report("head", "the first comment says ` * name - what this is'")
	if (FILENAME ~ /\.h$/ && guard == "" && code ~ /^#ifndef /) {
		guard = toupper(FILENAME)
		gsub(/[^A-Z0-9]/, "_", guard)
		if (code != "#ifndef " guard)
			report("guard", "the include guard is " guard)
	}
}

function check_include(    name, allowed)
{
	if ($0 ~ /^#include *</) {
		if (pure && $0 !~ /<(std[a-z]+|string|limits|inttypes)\.h>/ &&
		    $0 !~ /<Random123\/[a-z]+\.h>/)
			report("layers", "sim/ and models/ use the C library and Random123 only")
		return
	}
	name = $0
	sub(/^#include *"/, "", name)
	allowed = (layer == "sim") ? "^sim/" : (layer == "models") ? "^(sim|models)/" : \
		  (layer == "app") ? "^(sim|models|app)/" : "^(sim|models|app|bench|tests|tools)/"
	if (name !~ allowed || name ~ /\.\./)
		report("layers", layer "/ may not include this, or not by this path")
}

function check_pure(code,    i, n, names)
{
	if (has_word(code, "double") || has_word(code, "float") || code ~ /[0-9]\.[0-9]/)
		report("integers", "no floating point in sim/ and models/")
	n = split("rand srand random drand48 time clock clock_gettime gettimeofday getenv " \
		  "secure_getenv setlocale localtime gmtime", names, " ")
	for (i = 1; i <= n; i++)
		if (calls(code, names[i]))
			report("outside-world", names[i] "() depends on more than scenario and seed")
	if ($0 ~ /%p/)
		report("outside-world", "%p: addresses differ from run to run")
	if (FILENAME != "sim/arena.c" && (calls(code, "[mc]alloc") || calls(code, "realloc") ||
					   calls(code, "free")))
		report("memory", "what lives in a run lives in its arena")
	if (FILENAME != "sim/assert.c" && (calls(code, "v?f?printf") || calls(code, "f?puts") ||
					    calls(code, "fopen")))
		report("printing", "files and printing are in app/ only")
}

function check_function(code,    list, depth, commas, i, c)
{
	if (code == "{") {
		function_from = FNR
		list = head
		depth = commas = 0
		for (i = index(list, "("); i <= length(list); i++) {
			c = substr(list, i, 1)
			depth += (c == "(") - (c == ")")
			if (depth == 0)
				break
			commas += (c == "," && depth == 1)
		}
		if (commas > 4)
			report("parameters", commas + 1 " parameters, at most 5")
	}
	if (code == "}" && function_from) {
		if (FNR - function_from - 1 > 60)
			report("function-size", FNR - function_from - 1 " lines, at most 60")
		function_from = 0
	}
	if (code ~ /^[A-Za-z_]/)
		head = code
	else if (code ~ /^[ \t]/)
		head = head code
	else
		head = ""
}

function check_path(code,    step, count, rest)
{
	if (code ~ /^[ \t]*PATH_END\(/ || code == "}")
		in_path = 0
	if (in_path) {
		if (code ~ /(^|[^A-Za-z0-9_])switch[ \t]*\(/)
			report("path", "no switch inside a path: PATH_BEGIN is one")
		if (has_word(code, "return"))
			report("path", "a path ends with DONE or PATH_END, not with return")
		count = 0
		for (step in steps) {
			rest = " " code
			while (match(rest, "[^A-Za-z0-9_]" step "\\(")) {
				count++
				rest = substr(rest, RSTART + RLENGTH)
			}
		}
		if (count > 1)
			report("path", "one step a line")
	}
	if (code ~ /^[ \t]*PATH_BEGIN\(/)
		in_path = 1
}

FNR == 1 {
	start_file()
}

FNR == 1 && pass == 2 && !have_steps {
	find_steps()
	have_steps = 1
}

pass == 1 {
	collect_macros(stripped($0))
}

pass == 2 {
	code = stripped($0)
	check_any_line(code)
	check_header(code)
	if ($0 ~ /^#include/)
		check_include()
	if (pure)
		check_pure(code)
	check_function(code)
	check_path(code)
}
