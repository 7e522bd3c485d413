using System.Text.RegularExpressions;
using TorchSharp;

namespace SpeechGan.Tests.Unit.Engine;

/// <summary>
/// What the trainer compiles against is TorchSharp's: every public type and member of our engine stands in the listing of
/// TorchSharp 0.107 with the same parameter types, names and defaults. (Where the real packages are used, there is nothing to check.)
/// </summary>
internal sealed class SignatureTests
{
    private static readonly System.Reflection.Assembly Engine = typeof(torch).Assembly;

    /// <summary>Types and members the listing leaves out although TorchSharp has them, each with where that is known from.</summary>
    private static readonly Dictionary<string, string> NotListed = new()
    {
        ["TorchSharp.Utils.TensorAccessor`1"] = "named by Tensor.data<T>, whose members the listing does not show; in TorchSharp's source: Count, the indexer, ToArray, CopyTo",
        ["TorchSharp.torch.optim.ILearningRateController"] = "named by Optimizer.ParamGroups; in TorchSharp's source: LearningRate and InitialLearningRate",
        ["TorchSharp.RoundingMode"] = "named by Tensor.div; in TorchSharp's source: None, trunc, floor",
        ["TorchSharp.Modules.Convolution"] = "named as the base of Conv1d and Conv2d; holds their weight and bias",
        ["TorchSharp.Modules.InstanceNorm"] = "named as the base of InstanceNorm2d; holds its weight and bias",
        ["TorchSharp.Modules.BatchNorm"] = "named as the base of BatchNorm1d; holds its weight, bias and running statistics",
    };

    [SetUp]
    public void Only_our_own_engine_is_checked()
    {
        if (Engine.GetName().Name != "TorchSharp.System")
            Assert.Ignore("TorchSharp itself is in use (TorchEngine=nuget): its surface is its own.");
    }

    [Test]
    public void Every_public_type_is_TorchSharp_s()
    {
        var listing = Listing();
        var strangers = PublicSurface.Types(Engine).Where(t => !NotListed.ContainsKey(PublicSurface.Name(t)))
            .Where(t => !listing.TryGetValue(PublicSurface.Name(t), out var l) || !Fits(PublicSurface.Kind(t), l.Kind))
            .Select(t => $"{PublicSurface.Kind(t)} {PublicSurface.Name(t)}").ToList();
        strangers.Should().BeEmpty("TorchSharp 0.107 has no such types, or of another kind");
    }

    [Test]
    public void Every_public_member_is_TorchSharp_s()
    {
        var listing = Listing();
        var strangers = new List<string>();
        foreach (var type in PublicSurface.Types(Engine))
            if (listing.ContainsKey(PublicSurface.Name(type)))
                strangers.AddRange(PublicSurface.Members(type).Where(m => !Listed(listing, type, m)).Select(m => $"{PublicSurface.Name(type)}: {m}"));
        strangers.Should().BeEmpty("TorchSharp 0.107 has no such members");
    }

    [Test]
    public void Exceptions_are_few_and_still_needed()
    {
        var listing = Listing();
        var ours = PublicSurface.Types(Engine).Select(PublicSurface.Name).ToHashSet();
        NotListed.Keys.Should().OnlyContain(k => ours.Contains(k), "an exception for a type that is gone is dropped");
        NotListed.Keys.Should().NotContain(k => listing.ContainsKey(k), "a listed type needs no exception");
    }

    [Test]
    public void A_stranger_would_be_found()
    {
        var listed = Listing()["TorchSharp.torch.Tensor"].Members;
        listed.Should().Contain(Comparable("Tensor grad { get; }"), "a getter alone is a part of getter and setter");
        listed.Should().NotContain(Comparable("Tensor grad()"), "a method is not a property");
        listed.Should().NotContain(Comparable("Tensor sum(long dims, bool keepdim = false, ScalarType? type = null)"), "parameter names count");
        listed.Should().NotContain(Comparable("static Tensor sum(ScalarType? type = null)"), "static is not instance");
    }

    /// <summary>Our class may be less open than the listed one, but a static class is nothing else.</summary>
    private static bool Fits(string ours, string listed) => ours == "class" ? listed.EndsWith("class", StringComparison.Ordinal) && !listed.StartsWith("static", StringComparison.Ordinal) : listed == ours;

    /// <summary>Whether the listing has the member in the type, or in a base of it (an override, or one level moved, is the same to who calls it).</summary>
    private static bool Listed(Dictionary<string, (string Kind, HashSet<string> Members)> listing, Type type, string member)
    {
        for (Type? t = type; t is not null; t = t.BaseType)
            if (listing.TryGetValue(PublicSurface.Name(t.IsGenericType ? t.GetGenericTypeDefinition() : t), out var l) && l.Members.Contains(Comparable(member)))
                return true;
        return false;
    }

    /// <summary>A member without what makes no difference to who uses it: virtual and abstract.</summary>
    private static string Comparable(string member) =>
        member.Replace("virtual ", "", StringComparison.Ordinal).Replace("abstract ", "", StringComparison.Ordinal);

    private static Dictionary<string, (string Kind, HashSet<string> Members)> Listing()
    {
        var types = new Dictionary<string, (string Kind, HashSet<string> Members)>();
        HashSet<string>? members = null;
        foreach (var line in File.ReadLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "Engine", "torchsharp-0.107-api.md")))
            if (Regex.Match(line, @"^\*\*`(.+)`\*\* *(?:abstract |sealed )?([a-z ]+)") is { Success: true } heading)
            {
                var name = heading.Groups[1].Value;
                if (!types.ContainsKey(name))
                    types[name] = (heading.Groups[2].Value.Trim(), []);
                members = types[name].Members;
            }
            else if (members is not null && line.Length > 0 && line[0] != '`')
            {
                members.Add(Comparable(line));
                members.Add(Comparable(line.Replace("{ get; set; }", "{ get; }", StringComparison.Ordinal)));  // the getter alone is a part of it
            }
        types.Should().HaveCountGreaterThan(50, "the listing is read");
        return types;
    }
}
