using System.Reflection;
using System.Runtime.CompilerServices;

namespace SpeechGan.Tests.Unit.Architecture;

/// <summary>The house's plan, checked against what was compiled: which room knows which, and how types are made.</summary>
public sealed class RoomTests
{
    private const string Tensors = "TorchSharp";

    // A room, and the rooms it may know. RunConfig belongs to Configuration, Program to Cli.
    private static readonly Dictionary<string, string[]> MayKnow = new()
    {
        ["Dsp"] = [],
        ["Data"] = ["Dsp"],
        ["Statistics"] = ["Dsp"],
        ["Metrics"] = ["Dsp", "Statistics"],
        ["Configuration"] = ["Data", "Metrics"],
        ["Runs"] = ["Configuration", "Data"],
        ["Import"] = ["Runs", "Statistics"],
        ["Diagnostics"] = ["Runs", "Configuration", "Metrics", "Statistics", "Data"],
        ["Goldens"] = ["Runs", "Configuration", "Metrics", "Statistics"],
        ["Bisect"] = ["Goldens", "Runs", "Configuration", "Metrics", "Statistics"],
        ["Comparison"] = ["Configuration", "Goldens", "Runs", "Statistics"],
        ["Reports"] = ["Configuration", "Dsp", "Runs", "Diagnostics", "Comparison", "Goldens", "Statistics"],
        ["Distributed"] = [Tensors],
        ["Engine"] = ["Configuration", "Kernels", "Runs", Tensors],
        ["Kernels"] = [Tensors],
        ["Kernels.SelfTest"] = ["Kernels", "Configuration", "Models", "Engine", "Runs", Tensors],
        ["Models"] = ["Configuration", "Kernels", Tensors],
        ["Losses"] = [Tensors],
        ["Training"] =
        [
            "Comparison",
            "Configuration",
            "Data",
            "Dsp",
            "Metrics",
            "Models",
            "Kernels",
            "Kernels.SelfTest",
            "Losses",
            "Runs",
            "Diagnostics",
            "Evaluation",
            "Distributed",
            Tensors,
        ],
        ["Evaluation"] = ["Configuration", "Data", "Dsp", "Metrics", "Statistics", "Models", "Runs", Tensors],
        ["Workflows"] =
        [
            "Configuration",
            "Data",
            "Metrics",
            "Statistics",
            "Models",
            "Runs",
            "Diagnostics",
            "Goldens",
            "Bisect",
            "Comparison",
            "Reports",
            "Engine",
            "Training",
            "Evaluation",
            "Distributed",
            Tensors,
        ],
        ["Cli.Views"] =
        [
            "Cli",
            "Workflows",
            "Configuration",
            "Metrics",
            "Statistics",
            "Runs",
            "Diagnostics",
            "Goldens",
            "Bisect",
            "Comparison",
            "Reports",
            "Evaluation",
        ],
        ["Cli.Verbs"] =
        [
            "Cli",
            "Cli.Views",
            "Workflows",
            "Configuration",
            "Data",
            "Import",
            "Metrics",
            "Statistics",
            "Models",
            "Runs",
            "Diagnostics",
            "Goldens",
            "Bisect",
            "Comparison",
            "Reports",
            "Engine",
            "Kernels.SelfTest",
            "Training",
            "Evaluation",
            "Distributed",
            Tensors,
        ],
        ["Cli"] =
        [
            "Configuration",
            "Data",
            "Import",
            "Metrics",
            "Runs",
            "Goldens",
            "Bisect",
            "Comparison",
            "Distributed",
            "Engine",
            "Kernels.SelfTest",
            "Training",
            "Workflows",
        ],
    };

    private static readonly Assembly House = typeof(RunConfig).Assembly;

    private static IEnumerable<string> Rooms() => MayKnow.Keys;

    [TestCaseSource(nameof(Rooms))]
    public void A_room_knows_no_other_rooms_than_the_plan_says(string room)
    {
        var known = Known(room);
        TestContext.Out.WriteLine($"{room} knows {string.Join(", ", known.Keys.Order())}");
        known.Where(k => !MayKnow[room].Contains(k.Key)).Select(k => $"{room} knows {k.Key}: {k.Value}").Should().BeEmpty();
    }

    [Test]
    public void Every_type_lives_in_a_room_of_the_plan() => Types().Select(RoomOf).Distinct().Should().BeSubsetOf(MayKnow.Keys);

    [Test]
    public void The_plan_has_no_cycle()
    {
        var left = MayKnow.ToDictionary(r => r.Key, r => r.Value.Where(MayKnow.ContainsKey).ToHashSet());
        while (left.FirstOrDefault(r => r.Value.All(k => !left.ContainsKey(k))).Key is { } free)
            left.Remove(free);
        left.Keys.Should().BeEmpty("these rooms know each other in a circle");
    }

    [TestCase("Data")]
    [TestCase("Dsp")]
    [TestCase("Metrics")]
    [TestCase("Runs")]
    [TestCase("Import")]
    [TestCase("Diagnostics")]
    [TestCase("Statistics")]
    [TestCase("Goldens")]
    [TestCase("Bisect")]
    [TestCase("Comparison")]
    [TestCase("Reports")]
    public void A_room_without_tensors_never_touches_one(string room) => Known(room).Should().NotContainKey(Tensors);

    [Test]
    public void References_in_signatures_and_in_method_bodies_are_seen()
    {
        Known("Training").Keys.Should().Contain([Tensors, "Losses", "Runs"]);
        Known("Metrics").Keys.Should().Contain("Dsp");
        // RateVerdict names the theory in a method body alone.
        Known("Training").Keys.Should().Contain("Diagnostics");
        CompiledReferences.Of(typeof(Sample)).Should().Contain([typeof(System.Text.StringBuilder), typeof(Uri), typeof(TimeZoneInfo)]);
    }

    [Test]
    public void No_static_field_can_change() =>
        Types()
            .SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(f => !f.IsLiteral && !f.IsInitOnly && !IsGenerated(f))
            .Select(f => $"{f.DeclaringType}.{f.Name}")
            .Should()
            .BeEmpty();

    [Test]
    public void No_public_static_member_hands_out_something_that_can_be_changed() =>
        Types()
            .Where(t => t.IsVisible)
            .SelectMany(t => t.GetMembers(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Select(m =>
                (
                    Member: m,
                    Type: m switch
                    {
                        FieldInfo { IsLiteral: false } f => f.FieldType,
                        PropertyInfo p => p.PropertyType,
                        _ => null,
                    }
                )
            )
            .Where(m => m.Type is { } t && (t.IsArray || (t.IsGenericType && t.Namespace == "System.Collections.Generic" && t.IsClass)))
            .Select(m => $"{m.Member.DeclaringType}.{m.Member.Name}")
            .Should()
            .BeEmpty();

    [Test]
    public void Every_class_is_sealed_abstract_or_static() =>
        Types().Where(t => t.IsClass && !t.IsSealed && !t.IsAbstract).Select(t => t.FullName).Should().BeEmpty();

    private static IEnumerable<Type> Types() =>
        House.GetTypes().Where(t => !IsGenerated(t) && Outermost(t).Namespace?.StartsWith("SpeechGan", StringComparison.Ordinal) == true);

    // Lambdas and state machines belong to the type around them: they are scanned for references, and not for style.
    private static SortedDictionary<string, string> Known(string room)
    {
        var known = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var type in House.GetTypes().Where(t => RoomOf(t) == room))
        foreach (var reference in CompiledReferences.Of(type))
            if (RoomOf(reference) is { } other && other != room)
                known.TryAdd(other, $"{type.FullName} names {reference.FullName ?? reference.Name}");
        return known;
    }

    private static string? RoomOf(Type type)
    {
        var space = Outermost(type).Namespace ?? "";
        if (space.Split('.')[0] == Tensors)
            return Tensors;
        if (Outermost(type).Assembly != House)
            return null;
        if (!space.StartsWith("SpeechGan.", StringComparison.Ordinal))
            return space == "SpeechGan" ? "Configuration" : null;
        // A room within a room, where the plan has one.
        var inner = string.Join('.', space.Split('.').Skip(1).Take(2));
        return MayKnow.ContainsKey(inner) ? inner : space.Split('.')[1];
    }

    private static Type Outermost(Type type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        return type;
    }

    private static bool IsGenerated(MemberInfo member) =>
        member.Name.Contains('<', StringComparison.Ordinal)
        || member.IsDefined(typeof(CompilerGeneratedAttribute), false)
        || (member.DeclaringType is { } outer && IsGenerated(outer));

    private sealed class Sample
    {
        public static int Count(System.Text.StringBuilder text) => text.Length + new Uri("a:b").Port + TimeZoneInfo.Utc.DisplayName.Length;
    }
}
