using System.Text.Json.Nodes;

namespace SpeechGan.Tests.Regression.Packaging;

/// <summary>`-p:TorchDevice=cuda` asks for other packages and changes nothing else of the project.</summary>
public sealed class CudaPackagesTests
{
    private static readonly string[] Items =
    [
        "Compile",
        "EmbeddedResource",
        "ProjectReference",
        "InternalsVisibleTo",
        "AssemblyMetadata",
        "PackageReference",
    ];
    private static readonly string[] Properties =
    [
        "AssemblyName",
        "TargetFramework",
        "RuntimeIdentifier",
        "DefineConstants",
        "OutputPath",
        "OutputType",
        "NoWarn",
        "SelfContained",
        "AllowUnsafeBlocks",
    ];

    [TestCase("linux-x64", "libtorch-cpu-linux-x64", "TorchSharp-cuda-linux")]
    [TestCase("win-x64", "libtorch-cpu-win-x64", "TorchSharp-cuda-windows")]
    public void The_property_changes_package_references_only(string system, string cpu, string cuda)
    {
        JsonNode without = Project(system),
            with = Project(system, "-p:TorchDevice=cuda");
        JsonNode.DeepEquals(without["Properties"], with["Properties"]).Should().BeTrue();
        foreach (var item in Items.SkipLast(1))
            Names(with, item).Should().Equal(Names(without, item), item);
        Names(without, "Compile").Should().NotBeEmpty();
        Names(without, "PackageReference").Except(Names(with, "PackageReference")).Should().Equal(cpu);
        Names(with, "PackageReference").Except(Names(without, "PackageReference")).Should().Equal(cuda);
    }

    private static JsonNode Project(string system, params string[] further)
    {
        var (code, output) = Sdk.Run([
            "msbuild",
            "src/SpeechGan",
            "-getItem:" + string.Join(',', Items),
            "-getProperty:" + string.Join(',', Properties),
            "-p:RuntimeIdentifier=" + system,
            .. further,
        ]);
        code.Should().Be(0, output);
        return JsonNode.Parse(output[output.IndexOf('{', StringComparison.Ordinal)..])!;
    }

    private static List<string> Names(JsonNode project, string item) =>
        [.. project["Items"]![item]!.AsArray().Select(i => i!["Identity"]!.GetValue<string>())];
}
