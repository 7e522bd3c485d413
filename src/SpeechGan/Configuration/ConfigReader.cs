using System.Text.Json;

namespace SpeechGan.Configuration;

/// <summary>Layers preset, file and overrides; refuses unknown keys, double keys and wrong types with the file and the JSON path.</summary>
internal static class ConfigReader
{
    public static RunConfig Resolve(string? preset, string? json, string source, IEnumerable<string> overrides)
    {
        var problems = new List<string>();
        var values = new Dictionary<string, object>();
        if (json is not null)
            ReadFile(json, source, values, problems);

        if (values.Remove("preset", out var named) && preset is not null && preset != (string)named)
            problems.Add($"{source}: preset is '{named}' but --preset says '{preset}'. Remove one of the two.");

        preset ??= (string?)named ?? Presets.Default;
        if (!Presets.Names.Contains(preset))
            problems.Add((named as string == preset ? source + ": preset: " : "") + Presets.Unknown(preset));

        foreach (var text in overrides)
            ReadOverride(text, values, problems);

        if (problems.Count > 0)
            throw new ConfigException(problems);

        // `Find` returns a new record each time, so that setting its knobs here changes nothing anybody else holds.
        var config = Presets.Find(preset);
        foreach (var (key, value) in values)
        {
            KnobTable.ByKey[key].Set(config, value);
        }

        return config.Validated();
    }

    public static RunConfig Apply(RunConfig config, IEnumerable<string> overrides)
    {
        var problems = new List<string>();
        var values = KnobTable.All.ToDictionary(k => k.Key, k => k.Get(config));
        foreach (var text in overrides)
            ReadOverride(text, values, problems);

        if (problems.Count > 0)
            throw new ConfigException(problems);

        var changed = new RunConfig();
        foreach (var (key, value) in values)
        {
            KnobTable.ByKey[key].Set(changed, value);
        }

        return changed.Validated();
    }

    private static void ReadFile(string json, string source, Dictionary<string, object> values, List<string> problems)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                problems.Add(
                    $"{source}: the file holds {InWords(document.RootElement)}; a configuration is one JSON object, {{ \"train\": {{ "
                        + $"\"epochs\": 3 }} }} for example."
                );
                return;
            }

            ReadObject(document.RootElement, "", source, values, problems);
        }
        catch (JsonException e)
        {
            problems.Add($"{source}: this is not valid JSON: {e.Message}");
        }
        catch (InvalidOperationException e)
        {
            // A key with half a surrogate pair.
            problems.Add($"{source}: a key cannot be read as text: {e.Message}");
        }
    }

    private static void ReadObject(JsonElement json, string prefix, string source, Dictionary<string, object> values, List<string> problems)
    {
        var seen = new HashSet<string>();
        foreach (var property in json.EnumerateObject())
        {
            var key = prefix + property.Name;
            if (!seen.Add(property.Name))
            {
                problems.Add($"{source}: {key} is given twice. Keep one of them.");
            }
            else if (property.Name.Contains('.', StringComparison.Ordinal))
            {
                problems.Add($"{source}: '{key}' has a dot in its name; in a file sections are nested objects. (Dots are for --set.)");
            }
            else if (KnobTable.ByKey.TryGetValue(key, out var knob))
            {
                if (KnobValue.TryRead(knob, property.Value, out var value))
                    values[key] = value;
                else
                    problems.Add(
                        $"{source}: {key} is {InWords(property.Value)}; allowed is {knob.Allowed}.{Nearest(property.Value, knob)} "
                            + $"Its default is {Quoted(knob.Default)}."
                    );
            }
            else if (KnobTable.Sections.Contains(key))
            {
                if (property.Value.ValueKind == JsonValueKind.Object)
                    ReadObject(property.Value, key + ".", source, values, problems);
                else
                    problems.Add($"{source}: {key} is {InWords(property.Value)}; allowed is an object with {KeysOf(key)}.");
            }
            else
            {
                problems.Add($"{source}: {Unknown(key)}");
            }
        }
    }

    private static void ReadOverride(string text, Dictionary<string, object> values, List<string> problems)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0)
        {
            problems.Add($"--set {Short(text)}: there is no '='; write --set key=value, for example --set train.epochs=3.");
            return;
        }

        var key = text[..at].Trim();
        var value = text[(at + 1)..].Trim();
        if (key == "preset")
        {
            problems.Add($"--set {Short(text)}: a preset is chosen with --preset {Short(value)}.");
        }
        else if (KnobTable.ByKey.TryGetValue(key, out var knob))
        {
            if (KnobValue.TryParse(knob, value, out var parsed))
            {
                values[key] = parsed;
            }
            else
            {
                var near = Spelling.Nearest(value, knob.Choices) is { } choice ? $" Did you mean '{choice}'?" : "";
                problems.Add(
                    $"--set {key}: found '{Short(value)}'; allowed is {knob.Allowed}.{near} Its default is {Quoted(knob.Default)}."
                );
            }
        }
        else if (KnobTable.Sections.Contains(key))
        {
            problems.Add($"--set {key}: this is a section; set one of its keys: {KeysOf(key)}.");
        }
        else
        {
            problems.Add("--set: " + Unknown(key));
        }
    }

    private static string Unknown(string key)
    {
        var near = Spelling.Nearest(key, KnobTable.ByKey.Keys.Concat(KnobTable.Sections));
        return $"there is no option '{Short(key)}'." + (near is null ? " `speechgan config` lists them." : $" Did you mean '{near}'?");
    }

    private static string Nearest(JsonElement json, Knob knob) =>
        json.ValueKind == JsonValueKind.String
        && KnobValue.TryText(json, out var text)
        && Spelling.Nearest(text, knob.Choices) is { } choice
            ? $" Did you mean '{choice}'?"
            : "";

    private static string KeysOf(string section) =>
        string.Join(
            ", ",
            KnobTable.All.Where(k => k.Key.StartsWith(section + ".", StringComparison.Ordinal)).Select(k => k.Key[(section.Length + 1)..])
        );

    private static string Quoted(object value) => value is string text ? $"'{text}'" : KnobValue.Print(value);

    private static string InWords(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            JsonValueKind.Null => "null",
            JsonValueKind.String => $"the text {Short(json.GetRawText())}",
            _ => Short(json.GetRawText()),
        };

    private static string Short(string text) => text.Length <= 60 ? text : text[..57] + "...";
}
