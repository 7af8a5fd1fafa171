class Crosshead < Formula
  desc "@description@"
  homepage "@repository@"
  version "@version@"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "@url:mac-arm@"
      sha256 "@sha256:mac-arm@"
    end
    on_intel do
      url "@url:mac-intel@"
      sha256 "@sha256:mac-intel@"
    end
  end

  on_linux do
    on_intel do
      url "@url:linux@"
      sha256 "@sha256:linux@"
    end
  end

  def install
    bin.install "crosshead"
    man1.install Dir["man/man1/*.1"]
    bash_completion.install "completions/crosshead.bash" => "crosshead"
    zsh_completion.install "completions/_crosshead"
    fish_completion.install "completions/crosshead.fish"
    doc.install "README.md", "CHANGELOG.md", "LICENSES.txt", "docs"
  end

  test do
    (testpath/"articles/strike.txt").write <<~TEXT
      Harbour strike enters second week

      The dockers have not worked since Monday.
    TEXT
    assert_match "second week", shell_output("#{bin}/crosshead search dockers articles")
  end
end
